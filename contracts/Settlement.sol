// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Registry} from "./Registry.sol";
import {IssueUnits, RedeemUnits, SettlementTypes} from "./SettlementTypes.sol";
import {SignedByParties} from "./SignedByParties.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Seat} from "./libraries/Offices.sol";

// Model: balances are OpenZeppelin's.
//
//   redemptionsOf[account] number 8 bytes
//   _issuers[organisation] outstanding 6 | number 8 bytes
//
// The sum of all balances is `totalSupply`, and that the sum of what the issuers have outstanding. All of it
// is below 2^48, so that whoever reads it in numbers of 53 bits reads it exactly. An office has at most 255 seats, and one
// organisation at most a 256th of it outstanding, so that no seat leaves nothing for the others.

/// @title Settlement units
contract Settlement is ISettlement, ERC20, SignedByParties {
    using SettlementTypes for *;

    /// @inheritdoc ISettlement
    uint48 public constant MOST_OUTSTANDING = 2 ** 40 - 1;

    /// @inheritdoc ISettlement
    address public immutable claims;

    /// @inheritdoc ISettlement
    mapping(address account => uint64 number) public redemptionsOf;
    mapping(bytes32 organisation => Issuer) private _issuers;

    /// @param registry_ The network's Registry.
    /// @param claims_ The contract that moves units.
    constructor(
        Registry registry_,
        address claims_
    ) ERC20("Medseal settlement unit", "MSU") SignedByParties(registry_) {
        claims = claims_;
    }

    /// @inheritdoc ISettlement
    function issue(IssueUnits[] calldata requests, bytes[] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _issue(requests[i], signatures[i]));
    }

    /// @inheritdoc ISettlement
    function redeem(RedeemUnits[] calldata requests, bytes[2][] calldata signatures) external {
        if (requests.length != signatures.length) revert LengthsDiffer();
        for (uint256 i; i < requests.length; ++i) _report(i, _redeem(requests[i], signatures[i]));
    }

    /// @inheritdoc ISettlement
    function move(address from, address to, uint48 amount) external {
        if (msg.sender != claims) revert UnitsBound();
        _transfer(from, to, amount);
    }

    /// @notice Reverts: units are moved by claims alone.
    function transfer(address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert UnitsBound();
    }

    /// @notice Reverts: units are moved by claims alone.
    function transferFrom(address, address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert UnitsBound();
    }

    /// @notice Reverts: units are moved by claims alone.
    function approve(address, uint256) public pure override(ERC20, IERC20) returns (bool) {
        revert UnitsBound();
    }

    function _issue(IssueUnits calldata request, bytes calldata signature) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        Issuer storage issuer = _issuers[request.organisation];
        if (request.number != issuer.number + 1) return NumberUnexpected.selector;
        if (request.account == address(0) || request.account == claims) return AccountInvalid.selector;
        if (
            request.amount == 0 ||
            uint256(issuer.outstanding) + request.amount > MOST_OUTSTANDING ||
            totalSupply() + request.amount > type(uint48).max
        ) return AmountInvalid.selector;
        bytes4 refusal = _seatRefusal(request.organisation, _digest(request.hash()), signature);
        if (refusal != 0) return refusal;

        (issuer.outstanding, issuer.number) = (issuer.outstanding + request.amount, request.number);
        _mint(request.account, request.amount);
        emit Issued(request.organisation, request.account, request.amount, request.number);
        return 0;
    }

    function _redeem(RedeemUnits calldata request, bytes[2] calldata signatures) private returns (bytes4) {
        if (request.deadline < block.timestamp) return DeadlinePassed.selector;
        Issuer storage issuer = _issuers[request.organisation];
        if (request.number != redemptionsOf[request.holder] + 1) return NumberUnexpected.selector;
        if (request.amount == 0 || request.amount > issuer.outstanding) return AmountInvalid.selector;
        if (request.amount > balanceOf(request.holder)) return FundsMissing.selector;
        bytes32 digest = _digest(request.hash());
        bytes4 refusal = _holderRefusal(request.holder, digest, signatures[0]);
        if (refusal == 0) refusal = _seatRefusal(request.organisation, digest, signatures[1]);
        if (refusal != 0) return refusal;

        issuer.outstanding -= request.amount;
        redemptionsOf[request.holder] = request.number;
        _burn(request.holder, request.amount);
        emit Redeemed(request.holder, request.organisation, request.amount, request.number);
        return 0;
    }

    /// @notice Digits after the point in which one unit of the currency is written.
    function decimals() public pure override returns (uint8) {
        return 2;
    }

    /// @inheritdoc ISettlement
    function issuerOf(bytes32 organisation) external view returns (Issuer memory) {
        return _issuers[organisation];
    }

    /// Says why no member of the authority signed for its organisation; 0 if one did.
    function _seatRefusal(
        bytes32 organisation,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bytes4) {
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault != ECDSA.RecoverError.NoError) return SignatureInvalid.selector;
        (Seat[] memory seats, ) = registry.authority();
        for (uint256 i; i < seats.length; ++i) {
            if (seats[i].holder == signer && seats[i].organisation == organisation) return 0;
        }
        return SeatMissing.selector;
    }
}
