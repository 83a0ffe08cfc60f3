// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimDecision, ClaimRequest} from "../ClaimTypes.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {Claiming} from "./Claiming.t.sol";

/// Claimants, insurers, payees and a verifier that do anything in any order. After each call every claim must stand
/// where the state machine lets it go from where it stood.
contract ClaimsDesk is Claiming {
    ClaimRequest[] private _made;
    mapping(bytes32 digest => IClaims.ClaimState) private _stateOf;
    mapping(IClaims.ClaimState from => mapping(IClaims.ClaimState to => bool)) private _may;
    uint64 private _now = NOW;

    constructor() {
        setUpWith(_period());
        for (uint8 i; i <= uint8(IClaims.ClaimState.Lapsed); ++i)
            _may[IClaims.ClaimState(i)][IClaims.ClaimState(i)] = true;
        _allow(IClaims.ClaimState.Unknown, IClaims.ClaimState.Open);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Approved);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Denied);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Asked);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Withdrawn);
        _allow(IClaims.ClaimState.Open, IClaims.ClaimState.Lapsed);
        _allow(IClaims.ClaimState.Asked, IClaims.ClaimState.Open);
        _allow(IClaims.ClaimState.Asked, IClaims.ClaimState.Withdrawn);
        _allow(IClaims.ClaimState.Asked, IClaims.ClaimState.Lapsed);
        _allow(IClaims.ClaimState.Asked, IClaims.ClaimState.Approved);
        _allow(IClaims.ClaimState.Approved, IClaims.ClaimState.Disputed);
        _allow(IClaims.ClaimState.Denied, IClaims.ClaimState.Disputed);
        _allow(IClaims.ClaimState.Disputed, IClaims.ClaimState.Open);
        _allow(IClaims.ClaimState.Disputed, IClaims.ClaimState.Approved);
        _allow(IClaims.ClaimState.Disputed, IClaims.ClaimState.Denied);
        _allow(IClaims.ClaimState.Disputed, IClaims.ClaimState.Reversed);
        _allow(IClaims.ClaimState.Approved, IClaims.ClaimState.Used);
    }

    function setUp() public override {}

    /// The fuzzer forgets the time between its calls.
    modifier alongTheMachine() {
        vm.warp(_now);
        _;
        for (uint256 i; i < _made.length; ++i) {
            bytes32 digest = digestOf(_made[i]);
            IClaims.ClaimState state = claims.claimOf(digest).state;
            so(_may[_stateOf[digest]][state], "beside the machine");
            _stateOf[digest] = state;
        }
    }

    function made() external view returns (ClaimRequest[] memory) {
        return _made;
    }

    function standingOf(ClaimRequest memory claim) external view returns (IClaims.Standing memory) {
        return standing(claim);
    }

    function theSettlement() external view returns (ISettlement) {
        return settlement;
    }

    /// Everyone who may hold units; the first two are the insurers, the last is the contract of the units.
    function accounts() external view returns (address[] memory list) {
        list = new address[](5);
        (list[0], list[1], list[2]) = (insurer, otherInsurer, hospital);
        (list[3], list[4]) = (vm.addr(ACCOUNT_KEY), address(settlement));
    }

    function issued() external view returns (uint256) {
        return settlement.issuerOf(ISSUER).outstanding;
    }

    function fundsOfInsurer() external pure returns (uint256) {
        return FUNDS;
    }

    // The calls of the fuzzer

    function wait_(uint32 time) external {
        _now += uint64(within(time, 1, 5 days));
    }

    function submitSomething(
        uint8 treatment,
        uint48 amount,
        bool atOther,
        uint8 how
    ) external alongTheMachine {
        if (_made.length > 7) return;
        ClaimRequest memory request = bill(treatment % 2);
        request.amount = uint48(within(amount, 1, BILL));
        request.total = BILL - 1_000 * (how % 3);
        request.termsHash = keccak256(abi.encode(_made.length));
        request.other = vm.addr(ACCOUNT_KEY);
        if (atOther) request.insurer = otherInsurer;
        if (how % 8 > 0) request.follows = claims.newestOf(request.treatment);
        if (request.follows != 0 && how % 8 > 1) {
            IClaims.Standing memory former = claims.claimOf(request.follows);
            uint256 gone = uint256(former.before) + former.paid + former.otherPaid;
            uint256 left = gone < request.total ? request.total - gone : 0;
            if (left > 0) request.amount = uint48(within(amount, 1, left));
        }
        if (how % 4 == 3) (request.treatment, request.follows) = (0, 0);
        if (how % 4 == 2) request.authorisation = _someAuthorisation();
        if (submit(request, CLAIMANT_KEY) == 0) _made.push(request);
    }

    function decideSomething(
        uint8 which,
        uint8 kind,
        uint48 amount,
        uint48 otherAmount
    ) external alongTheMachine {
        if (_made.length == 0) return;
        ClaimRequest memory claim = _made[which % _made.length];
        IClaims.Standing memory known = standing(claim);
        ClaimDecision memory request = decision(claim, uint8(within(kind, 1, 3)), 0);
        if (request.outcome == APPROVE) {
            uint256 left = uint256(claim.amount) - known.paid - known.otherPaid;
            request.amount = uint48(within(amount, 0, left));
            // Seldom over what is left.
            request.otherAmount = uint48(within(otherAmount, 0, left - request.amount + kind / 64));
            if (claim.treatment == 0) request.until = _now + 30 days;
        }
        decide(claim, request, keyOfInsurer(claim));
    }

    function goOn(uint8 which, uint8 how, bool safe) external alongTheMachine {
        if (_made.length == 0) return;
        ClaimRequest memory claim = _made[which % _made.length];
        IClaims.ClaimState state = standing(claim).state;
        if (how % 8 == 0) withdraw(claim, CLAIMANT_KEY);
        else if (how % 8 == 1) lapse(claim);
        else if (how % 8 == 2 || state == IClaims.ClaimState.Disputed) judge(claim, VERIFIER_KEY, safe);
        else if (how % 8 == 3 || state == IClaims.ClaimState.Asked)
            supplement(claim, CLAIMANT_KEY, quorum(coordinatorKeys));
        else if (how % 8 < 6) dispute(claim, claimant, CLAIMANT_KEY);
        else dispute(claim, claim.insurer, keyOfInsurer(claim));
    }

    function giveBack(uint8 which, uint48 amount, bool other) external alongTheMachine {
        if (_made.length == 0) return;
        ClaimRequest memory claim = _made[which % _made.length];
        amount = uint48(within(amount, 1, BILL));
        if (other) refund(claim, claim.other, amount, ACCOUNT_KEY);
        else refund(claim, hospital, amount, HOSPITAL_KEY);
        collect(claim);
    }

    function redeemSome(uint48 amount, bool other, uint8 all) external alongTheMachine {
        uint256 key = other ? ACCOUNT_KEY : HOSPITAL_KEY;
        uint256 there = settlement.balanceOf(vm.addr(key));
        redeem(key, uint48(all % 2 == 0 ? there : within(amount, 1, there + 1)));
    }

    function clearSome(uint8 which) external alongTheMachine {
        clear([insurer, otherInsurer, hospital, vm.addr(ACCOUNT_KEY)][which % 4]);
    }

    function _someAuthorisation() private view returns (bytes32) {
        for (uint256 i; i < _made.length; ++i) {
            if (_made[i].treatment == 0 && standing(_made[i]).state == IClaims.ClaimState.Approved)
                return digestOf(_made[i]);
        }
        return keccak256("none");
    }

    function _period() internal pure virtual returns (uint32) {
        return 0;
    }

    function _allow(IClaims.ClaimState from, IClaims.ClaimState to) private {
        _may[from][to] = true;
    }
}

/// The same with units that move when accounts are cleared.
contract NettingDesk is ClaimsDesk {
    function _period() internal pure override returns (uint32) {
        return 7 days;
    }
}
