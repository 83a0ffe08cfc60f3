// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {KeyRemoval, KeyReplacement, StakeChange} from "../RequestTypes.sol";
import {IRefusals} from "./IRefusals.sol";

/// @title The stake of the organisations' validators
/// @notice Stake is not bought. The coordinators' quorum signs how much of it a validator has, everybody sees it, and
/// after the Registry's delay anybody can have it carried out. The ledger's engine reads the list of what was carried
/// out, and moves power by it. All other organisations can take power from a key at once; its stake stays, and the power
/// comes back unless a change takes the stake too.
interface IValidators is IRefusals {
    /// @notice An entry of the list that the engine carries out.
    struct Stake {
        /// The organisation's name in ASCII, padded with zeros.
        bytes32 organisation;
        /// The Ed25519 public key that the validator signs blocks with.
        bytes32 key;
        /// Share of power; 0 if it validates no more.
        uint64 amount;
    }

    event StakeChangeBegun(
        bytes32 indexed organisation,
        bytes32 indexed key,
        uint64 amount,
        uint64 change,
        uint64 readyAt
    );
    /// @param place Place in the list that the engine carries out.
    event StakeChanged(bytes32 indexed organisation, bytes32 indexed key, uint64 amount, uint256 place);

    /// @param former It has no stake, and never gets any again.
    event KeyReplaced(bytes32 indexed organisation, bytes32 indexed former, bytes32 indexed key);

    /// @param until It lapses from this moment on, unless a change that takes the key's stake was begun.
    event KeyRemoved(bytes32 indexed organisation, bytes32 indexed key, uint64 removal, uint40 until);

    /// @notice A removal lapsed: the key has the power of its stake again.
    event KeyReturned(bytes32 indexed organisation, bytes32 indexed key);

    /// @notice No key, no organisation, another organisation's key, or a stake over the most.
    error StakeInvalid();
    /// @notice The validator's own organisation has not signed.
    error OwnerMissing();
    /// @notice Another key was put in the place of this one: a change has to name that one.
    error KeyWasReplaced();
    /// @notice Another key of the organisation has stake, and no change that takes all of it was begun.
    error StakeBeside();
    /// @notice A change of the key's stake was begun and is not finished.
    error ChangePending();
    /// @notice The deadline lies more than a day after this block.
    error DeadlineFar();
    /// @notice As many keys were replaced or removed at once within the delay, or are without power since longer, as
    /// validators may be faulty.
    error ReplacementsSpent();
    /// @notice All others have taken power from this key, and the removal has not ended.
    error KeyIsOut();
    /// @notice Power was not taken from this key, or it has it again.
    error KeyNotOut();
    /// @notice More keys would be out than validators may be faulty among those that would be left.
    error TooManyOut();
    /// @notice Without this validator the ledger would stop for good.
    error ValidatorLast();
    /// @notice The change is not numbered as the key's next one.
    error ChangeUnexpected();
    /// @notice No such change is under way.
    error ChangeUnknown();
    /// @notice The delay of the change has not passed.
    error ChangeEarly();
    /// @notice The sender's organisation has no validator with this key.
    error ValidatorForeign();

    /// @notice Begins changes that the coordinators' quorum signed. A second key of an organisation gets stake only once a
    /// change is under way that takes all stake of the first: begin that one before.
    function changeStakes(StakeChange[] calldata requests, bytes[][] calldata signatures) external;

    /// @notice Carries out changes whose delay has passed; anybody may.
    function finishStakeChanges(StakeChange[] calldata requests) external;

    /// @notice Puts new keys in the place of validators' keys, without a delay: of the same organisation, with the same
    /// stake. Its own coordinator signs, and those of as many others as their threshold says, or of all others. A
    /// replaced key never has stake again. Within the delay at most f of 3f + 1 organisations get another key so. A change of
    /// the former key's stake that was begun stands: nothing is replaced before it is finished. The deadline is at most
    /// a day ahead.
    function replaceKeys(KeyReplacement[] calldata requests, bytes[][] calldata signatures) external;

    /// @notice Takes consensus power from validators' keys, without a delay: no seat, no log, and no stake, which changes alone
    /// move. The coordinators of all other organisations in office sign, and these are more than twice f of 3f + 1
    /// organisations with stake. At most f keys are out so; replacements within the delay count with them. The deadline is
    /// at most a day ahead.
    function removeKeys(KeyRemoval[] calldata requests, bytes[][] calldata signatures) external;

    /// @notice Gives power back to keys whose removal lapsed, after the delay, and for which no change that takes their
    /// stake is under way; anybody may.
    function returnKeys(bytes32[] calldata keys) external;

    /// @notice Asks the engine to take back a validator that it set aside for absence; only an account of the same
    /// organisation may.
    function returnToWork(bytes32[] calldata keys) external;

    /// @notice The stake of a validator's key; all zeros if no validator has this key.
    function stakeOf(bytes32 key) external view returns (Stake memory);

    /// @notice Number of the last change of a key's stake that was begun.
    function changeOf(bytes32 key) external view returns (uint64);

    /// @notice The key that was put in the place of this one; zero if none was.
    function replacedBy(bytes32 key) external view returns (bytes32);

    /// @notice Number of the last removal of a key; the moment from which on it lapses, 0 if the key is not out; and whether
    /// a change that takes its stake is under way, so that it does not lapse.
    function removalOf(bytes32 key) external view returns (uint64 removal, uint40 until, bool isConfirmed);

    /// @notice Length of the list that the engine carries out.
    function count() external view returns (uint256);

    /// @notice Gives the change at a place of this list.
    function changeAt(uint256 place) external view returns (Stake memory);
}
